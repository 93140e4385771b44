// normalized -> deltas: one delta a group and batch, with its latest event as the sample.
import { run } from './queue.mjs';

await run('normalized', 'deltas', async (items) => {
    const groups = new Map();
    for (const item of items) {
        const event = JSON.parse(item);
        const delta = groups.get(event.group);
        if (delta) {
            delta.count++;
            delta.sample = event;
        } else {
            groups.set(event.group, { group: event.group, title: `${event.type}: ${event.message}`, count: 1, sample: event });
        }
    }
    return [JSON.stringify([...groups.values()])];
});
