// The official TypeScript SDK 1.x. Argument: URL.
import { answer, load, lookAtEverything, requestInit, run, url } from './seen.mjs';

const { Client } = load('@modelcontextprotocol/sdk/client/index.js');
const { StreamableHTTPClientTransport } = load('@modelcontextprotocol/sdk/client/streamableHttp.js');
const { ElicitRequestSchema } = load('@modelcontextprotocol/sdk/types.js');

await run(async (report) => {
    const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit });
    const client = new Client({ name: 'typescript-sdk-1', version: '1.0.0' }, { capabilities: { elicitation: {} } });
    client.setRequestHandler(ElicitRequestSchema, answer);
    await client.connect(transport);
    report.version = transport.protocolVersion;
    report.connect = client.getServerVersion().name;
    const callTool = (name, args = {}, options = undefined) =>
        client.callTool({ name, arguments: args }, undefined, options);
    await lookAtEverything(report, client, callTool);
    await transport.terminateSession();
    await client.close();
});
