import * as z from 'zod';
import { hasTwoSchemes } from '../../core/configs/typed-address.ts';
import { findAddressProblem } from './web-address.ts';

/** The proxy that all requests go through: `http://name:password@host:port`. */
export const proxyInput = z
  .string()
  .superRefine((text, context) => {
    const problem = findProxyProblem(text);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', message: problem.message, params: { hint: problem.hint } });
  })
  .meta({ format: 'uri' })
  .describe('HTTP proxy that all requests go through: http://host:port');

function findProxyProblem(text: string): { message: string; hint: string } | undefined {
  const hint = `Write it as "http://proxy.example:8080", or "http://name:$\{PROXY_PASSWORD}@proxy.example:8080".`;
  if (/^socks/i.test(text)) return { message: 'SOCKS proxies are not supported', hint };
  if (hasTwoSchemes(text)) return { message: 'the address begins with two schemes', hint };
  if (findAddressProblem(text) !== undefined)
    return { message: 'not the address of an http or https proxy', hint };
  const { pathname, search, hash } = new URL(text);
  if (pathname !== '/' || search !== '' || hash !== '') return { message: 'a proxy has no path', hint };
  return undefined;
}
