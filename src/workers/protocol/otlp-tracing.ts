import { propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Telemetry } from 'bullmq';
import { BullMQOtel } from 'bullmq-otel';
import { BUILD } from '../../core/lib/program.ts';

/** Traces of the queues on their way to a collector. */
export interface Tracing {
  /** For the queues of BullMQ. */
  options: { telemetry: Telemetry };
  /** Sends what is left. */
  close(): Promise<void>;
}

/** What the traces are from. */
export interface TracedService {
  /** `service.name`, unless `OTEL_SERVICE_NAME` is set. */
  name: string;
  /** `service.instance.id`. */
  instance?: string;
}

interface TracingOptions {
  protocol: 'http/protobuf' | 'http/json';
  /** The collector, for messages. */
  host: string;
  warn: (message: string) => void;
}

/** While the collector takes nothing, the log says so this often, in milliseconds. */
const WARN_INTERVAL_MS = 600_000;

/** Sends traces as the standard variables say: `OTEL_EXPORTER_OTLP_…`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_…`. */
export function startTracing(
  { name, instance }: TracedService,
  { protocol, host, warn }: TracingOptions,
): Tracing {
  let warnedAt = Number.NEGATIVE_INFINITY;
  setGlobalErrorHandler((error) => {
    if (performance.now() - warnedAt < WARN_INTERVAL_MS) return;
    warnedAt = performance.now();
    const why = error instanceof Error ? error.message : String(error);
    warn(`${host} takes no traces (OTEL_EXPORTER_OTLP_ENDPOINT), and runs go on: ${why}`);
  });
  const resource = defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': name,
        'service.version': BUILD,
        ...(instance !== undefined && { 'service.instance.id': instance }),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));
  const exporter = protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter();
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return {
    options: { telemetry: toTelemetry(new BullMQOtel({ tracerName: 'quickscrape', version: BUILD })) },
    async close() {
      await provider.shutdown();
      trace.disable();
      propagation.disable();
    },
  };
}

/** A span has no parent but the one that has put its message into the queue. */
function toTelemetry({ tracer, contextManager }: BullMQOtel): Telemetry {
  return {
    tracer,
    contextManager: {
      // A queue that is opened while a message is read would continue that trace as long as it is open.
      active: () => ROOT_CONTEXT,
      with: (_context, run) => run(),
      getMetadata: (context) => contextManager.getMetadata(context),
      fromMetadata(context, metadata) {
        try {
          return contextManager.fromMetadata(context, metadata);
        } catch {
          // Who can write to Redis can write anything, and the message must be read all the same.
          return context;
        }
      },
    },
  };
}
