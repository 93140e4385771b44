// What the three queue workers share: take up to a batch from one list, work on it, push the results onto the next.
// As the original did, and most chains of lists do, a batch that is in a worker's hands when it dies is gone.
import { parseArgs } from 'node:util';
import Redis from 'ioredis';

const BATCH = 200;

export const { values: options } = parseArgs({ options: { redis: { type: 'string' }, database: { type: 'string' } } });

export const redis = new Redis(Number(options.redis), '127.0.0.1');

/** Runs `work(items)` for ever over list `from`; what it returns goes to list `to`. */
export async function run(from, to, work) {
    const blocking = redis.duplicate();
    for (;;) {
        let items = await redis.rpopBuffer(from, BATCH);
        if (!items) {
            const one = await blocking.brpopBuffer(from, 1);
            if (!one) {
                continue;
            }
            items = [one[1]];
        }
        const out = await work(items);
        if (to && out.length) {
            await redis.lpush(to, ...out);
        }
    }
}
