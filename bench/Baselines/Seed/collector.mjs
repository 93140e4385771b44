// The collector the idea comes from, in at most 90 lines: take the body, push it onto a Redis list, answer 204 once Redis
// has answered. Nothing is written to disk here.
//
//     node collector.mjs --port N --redis N --processes N [--batch]
//
// --batch gathers what arrives within one turn of the event loop into one LPUSH of many values.
import cluster from 'node:cluster';
import http from 'node:http';
import { parseArgs } from 'node:util';
import Redis from 'ioredis';

const { values: options } = parseArgs({
    options: {
        port: { type: 'string' },
        redis: { type: 'string' },
        processes: { type: 'string', default: '2' },
        batch: { type: 'boolean', default: false },
    },
});
const LARGEST = 1_000_000;

if (cluster.isPrimary) {
    for (let i = 0; i < Number(options.processes); i++) {
        cluster.fork();
    }
    cluster.on('exit', () => process.exit(1));
    process.on('SIGTERM', () => process.exit(0));
} else {
    const redis = new Redis(Number(options.redis), '127.0.0.1');
    const push = options.batch ? batched(redis) : (body) => redis.lpush('raw', body);

    http.createServer((request, response) => {
        if (request.method !== 'POST') {
            response.writeHead(request.method === 'GET' ? 200 : 405).end();
            return;
        }
        const chunks = [];
        let length = 0;
        request.on('data', (chunk) => {
            length += chunk.length;
            if (length <= LARGEST) {
                chunks.push(chunk);
            }
        });
        request.on('end', async () => {
            let status = 204;
            if (length > LARGEST) {
                status = 413;
            } else {
                try {
                    await push(Buffer.concat(chunks));
                } catch {
                    status = 503;
                }
            }
            response.writeHead(status, { 'Access-Control-Allow-Origin': '*' }).end();
        });
    }).listen(Number(options.port), '127.0.0.1');
}

function batched(redis) {
    let waiting = [];
    const flush = () => {
        const batch = waiting;
        waiting = [];
        redis.lpush('raw', ...batch.map((one) => one.body)).then(
            () => batch.forEach((one) => one.resolve()),
            (error) => batch.forEach((one) => one.reject(error)),
        );
    };
    return (body) => new Promise((resolve, reject) => {
        if (waiting.push({ body, resolve, reject }) === 1) {
            setImmediate(flush);
        }
    });
}
