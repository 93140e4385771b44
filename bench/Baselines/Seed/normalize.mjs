// unique -> normalized: parse the stack and the user agent, and name the group.
import { createHash } from 'node:crypto';
import ErrorStackParser from 'error-stack-parser';
import { UAParser } from 'ua-parser-js';
import { run } from './queue.mjs';

const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';

await run('unique', 'normalized', async (items) => items.map((item) => {
    const event = JSON.parse(item);
    let frames = [];
    try {
        frames = ErrorStackParser.parse({ name: event.type, message: event.message, stack: event.stack })
            .map((frame) => ({ function: frame.functionName, file: frame.fileName, line: frame.lineNumber, col: frame.columnNumber }));
    } catch {
        // An event without a stack that can be parsed is grouped by its message.
    }
    const { browser, os } = UAParser(event.userAgent ?? agent);
    const group = createHash('sha1').update([event.type, event.message, frames[0]?.function, frames[0]?.file].join('\n')).digest('hex');
    return JSON.stringify({ ...event, stack: undefined, frames, browser: browser.name, os: os.name, group });
}));
