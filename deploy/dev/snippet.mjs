// Prints the snippet to paste, as the demo page carries it: `node snippet.mjs http://web true`.
const [web, demo] = process.argv.slice(2);
const page = demo === "true" ? await (await fetch(`${web}/demo`)).text() : "";
const inline = [...page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1].trim());
const stub = inline.find((script) => script.includes("/agent.js"));
console.log(stub ? `<script>${stub}</script>` : `    ${web}: sign in, Projects, Snippet`);
