// Loaded before the program, this sets the clock of its process off, as on a computer whose clock is wrong. `node --import` takes
// plain JavaScript.
const offMs = Number(process.env.TAMIZDAT_TEST_CLOCK_OFF_MS ?? 0);
const { now } = Date;
Date.now = () => now() + offMs;
