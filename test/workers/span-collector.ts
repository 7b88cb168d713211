import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A span, and the service that has sent it. */
export interface CollectedSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
}

interface Attribute {
  key: string;
  value: { stringValue?: string };
}

/** The part of OTLP's JSON that is looked at. */
interface Traces {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: Omit<CollectedSpan, 'service'>[] }[];
  }[];
}

/** A collector of OpenTelemetry on loopback that takes spans by OTLP over HTTP. */
export class SpanCollector {
  readonly bodies: Buffer[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  readonly paths = new Set<string>();
  address = '';

  static async start(): Promise<SpanCollector> {
    const collector = new SpanCollector();
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      collector.bodies.push(Buffer.concat(parts));
      collector.headers.push(request.headers);
      collector.paths.add(`${request.method} ${request.url}`);
      response.writeHead(200, { 'content-type': request.headers['content-type'] ?? '' }).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    collector.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return collector;
  }

  /** All that was sent, as text. */
  text(): string {
    return this.bodies.map((body) => body.toString('latin1')).join('\n');
  }

  /** The spans that were sent as JSON. */
  spans(): CollectedSpan[] {
    return this.bodies.flatMap((body) =>
      (JSON.parse(body.toString()) as Traces).resourceSpans.flatMap(({ resource, scopeSpans }) => {
        const name = resource.attributes.find(({ key }) => key === 'service.name');
        const service = name?.value.stringValue ?? '';
        return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })));
      }),
    );
  }
}
