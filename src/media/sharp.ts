import sharp from 'sharp';

// One thread and no cache: pictures are encoded beside a serving process on machines with one or two cores and 512 MB,
// and a fixed number of threads keeps the bytes the same on every machine.
sharp.concurrency(1);
sharp.cache(false);

export { sharp };
