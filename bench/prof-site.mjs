import { ScrapedSite } from './scraping/site.mjs';
import { mkdtempSync } from 'node:fs';
const s = await ScrapedSite.start(['books'], mkdtempSync('/tmp/profsite-'));
console.log(s.url);
import { bundledPeer } from './bundled-peer.mjs';
console.log(await bundledPeer('hand-written-scraper', mkdtempSync('/tmp/profsite-')));
setInterval(()=>{},1e6);
