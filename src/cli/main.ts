/**
 * `xenscope`: the terminal twin of the page, on the same core. Exit codes: 0 done, 1 an image that would not restore or
 * nothing found, 2 bad usage or unreadable input, 141 when nobody reads on what it prints.
 */
import { failure, run } from './run';

// What nothing waits for: Node would print it with the lines of the program around it.
process.on('uncaughtException', (error) => process.exit(failure(error)));

process.exitCode = await run(process.argv.slice(2));
