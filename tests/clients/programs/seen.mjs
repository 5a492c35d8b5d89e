// What the JavaScript programs share; see README.md.
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const [url, mode] = process.argv.slice(2);
export const requestInit = { headers: { Authorization: `Bearer ${process.env.MCP_KEY}` } };
export const load = createRequire(join(process.env.NODE_MODULES, 'package.json'));
export const answer = () => ({ action: 'accept', content: { username: 'ada', email: 'ada@example.com' } });

// Fills in the whole report by way of a connected Client; both majors of the SDK have the same methods.
export async function lookAtEverything(report, client, callTool) {
    const columns = {
        list: async () => (await client.listTools()).tools.map((tool) => tool.name),
        call: async () => ({
            text: (await callTool('test_simple_text')).content[0].text,
            count: (await callTool('count_records', { model: 'res.country' })).structuredContent.count,
        }),
        resource: async () => (await client.readResource({ uri: 'test://static-text' })).contents[0].text,
        prompt: async () => {
            const asked = { name: 'test_prompt_with_arguments', arguments: { arg1: 'hello', arg2: 'world' } };
            return (await client.getPrompt(asked)).messages[0].content.text;
        },
        progress: async () => {
            const steps = [];
            const onprogress = ({ progress, total }) => steps.push([progress, total]);
            await callTool('test_tool_with_progress', {}, { onprogress });
            return steps;
        },
        elicitation: async () => (await callTool('test_elicitation', { message: 'Who are you?' })).content[0].text,
    };
    for (const [name, look] of Object.entries(columns)) {
        report[name] = await look().catch((error) => ({ error: String(error).slice(0, 500) }));
    }
}

// Runs a program and prints its report; an error that stands in no column is that of `connect` or `end`.
export async function run(program) {
    const report = { version: null };
    try {
        await program(report);
    } catch (error) {
        report[report.connect ? 'end' : 'connect'] = { error: String(error).slice(0, 500) };
    }
    process.stdout.write(JSON.stringify(report));
}
