#!/usr/bin/env node
console.log('tamizdat');
