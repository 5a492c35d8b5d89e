// The official TypeScript SDK 2.x. Arguments: URL, mode of version negotiation (auto or legacy).
import { answer, load, lookAtEverything, mode, requestInit, run, url } from './seen.mjs';

const { Client, StreamableHTTPClientTransport } = load('@modelcontextprotocol/client');

await run(async (report) => {
    const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit });
    const client = new Client(
        { name: 'typescript-sdk-2', version: '1.0.0' },
        { capabilities: { elicitation: {} }, versionNegotiation: { mode } },
    );
    client.setRequestHandler('elicitation/create', answer);
    await client.connect(transport);
    report.version = client.getNegotiatedProtocolVersion();
    report.connect = client.getServerVersion().name;
    const callTool = (name, args = {}, options = undefined) => client.callTool({ name, arguments: args }, options);
    await lookAtEverything(report, client, callTool);
    await client.close();
});
