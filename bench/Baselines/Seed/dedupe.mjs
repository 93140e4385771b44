// raw -> unique: an event id that was seen within a day is dropped.
import { redis, run } from './queue.mjs';

await run('raw', 'unique', async (items) => {
    const events = items.map((item) => JSON.parse(item));
    const pipeline = redis.pipeline();
    for (const event of events) {
        pipeline.set(`seen:${event.id}`, 1, 'EX', 86_400, 'NX');
    }
    const answers = await pipeline.exec();
    return items.filter((_, i) => answers[i][1] === 'OK');
});
