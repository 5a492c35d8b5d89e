// Connects with the official TypeScript SDK 1.x, lists and calls tools, and prints what it saw as JSON.
// Arguments: URL, folder node_modules. The key comes in MCP_KEY: arguments are visible to other users.
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [url, modules] = process.argv.slice(2);
const load = createRequire(join(modules, 'package.json'));
const { Client } = load('@modelcontextprotocol/sdk/client/index.js');
const { StreamableHTTPClientTransport } = load('@modelcontextprotocol/sdk/client/streamableHttp.js');

const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { Authorization: `Bearer ${process.env.MCP_KEY}` } },
});
const client = new Client({ name: 'typescript-sdk-test', version: '1.0.0' }, { capabilities: {} });
await client.connect(transport);
await client.ping();
const { tools } = await client.listTools(); // also compiles the output schemas that callTool checks
const call = async (name, args = {}) => client.callTool({ name, arguments: args });

const seen = {
    protocolVersion: transport.protocolVersion,
    sessionId: transport.sessionId ?? null,
    server: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    instructions: client.getInstructions(),
    tools: tools.map((tool) => tool.name),
    whoami: await call('whoami'),
    countries: await call('search_records', { model: 'res.country', limit: 5, fields: ['name'] }),
    mistake: await call('search_records', { model: 'res.country', fields: ['nmae'] }),
    unknownTool: await call('no_such_tool').catch((error) => ({ code: error.code, message: error.message })),
};
await client.close();
process.stdout.write(JSON.stringify(seen));
