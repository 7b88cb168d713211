/**
 * The style of the report: light and dark by the reader's choice, light on paper, a card a job on a phone. It names no
 * font and no picture, so nothing is fetched. Failures differ from successes in height and words, not in colour alone.
 */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1c1d1f;--soft:#5d6168;--line:#e2dfd8;--good:#2c8a57;--bad:#c2303c;--late:#b97309;--none:#c3c0b8;--curve:#3564a8;--good-wash:#e8f4ec;--bad-wash:#fbeaea;--late-wash:#fbf1de;--curve-wash:#eef2f8}
@media (prefers-color-scheme:dark){:root{--paper:#141517;--card:#1d1f22;--ink:#eceae6;--soft:#a3a7ae;--line:#33363b;--good:#5cc48b;--bad:#f0797f;--late:#e5b04e;--none:#4a4d53;--curve:#8cb4ef;--good-wash:#16281e;--bad-wash:#301a1c;--late-wash:#2d2414;--curve-wash:#1b2330}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.page{max-width:72rem;margin:0 auto;padding:2rem 1.5rem 3rem}
.brand{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 1.5rem;color:var(--soft);font-size:.9rem;margin:0 0 1.25rem}
.brand b{color:var(--ink);font-weight:600}
.verdict{border-radius:14px;padding:1.5rem 1.75rem;display:flex;gap:1.25rem;align-items:flex-start}
.verdict.is-good{background:var(--good-wash)}.verdict.is-bad{background:var(--bad-wash)}.verdict.is-warning{background:var(--late-wash)}
.sign{flex:none;width:3rem;height:3rem;margin-top:.2rem}
.sign circle{fill:var(--mark)}.sign path{fill:none;stroke:var(--card);stroke-width:3.4;stroke-linecap:round;stroke-linejoin:round}
.is-good{--mark:var(--good)}.is-bad{--mark:var(--bad)}.is-warning{--mark:var(--late)}
h1{font-size:clamp(1.7rem,5vw,2.7rem);line-height:1.15;letter-spacing:-.02em;margin:0;font-weight:700}
.verdict p{margin:.45rem 0 0;font-size:1.05rem}
h2{font-size:1.3rem;letter-spacing:-.01em;margin:2.6rem 0 .2rem}
h3{font-size:1.05rem;margin:0}
.lead{color:var(--soft);margin:0 0 .9rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1rem 0 0;padding:0}
.tile,.card{background:var(--card);border:1px solid var(--line);border-radius:12px}
.tile{padding:.8rem 1rem;display:flex;flex-direction:column-reverse;justify-content:flex-end}
.tile dt{color:var(--soft);font-size:.85rem}
.tile dd{margin:0;font-size:1.65rem;font-weight:650;line-height:1.25;letter-spacing:-.01em}
.card{padding:1rem 1.25rem;margin:0 0 .75rem;break-inside:avoid}
.card.is-bad{border-left:5px solid var(--bad)}
.card header{display:flex;flex-wrap:wrap;gap:.2rem .75rem;align-items:baseline}
.card p{margin:.35rem 0 0}
.cause{font-weight:600}
details{margin:.4rem 0 0}summary{color:var(--curve);font-size:.9rem;cursor:pointer}
.what{color:var(--soft);font-size:.9rem}
.figure{padding:.9rem 1.25rem .7rem;margin:.75rem 0 0}
figcaption{color:var(--soft);font-size:.85rem;margin:0 0 .5rem}figcaption b{color:var(--ink);font-weight:600}
.chart{display:block;width:100%;height:7.5rem}
.axis{display:flex;justify-content:space-between;color:var(--soft);font-size:.8rem;border-top:1px solid var(--line);padding-top:.3rem}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;color:var(--soft);font-size:.85rem;margin:.5rem 0 0;padding:0;list-style:none}
.legend li::before{content:"";display:inline-block;width:.7em;height:.7em;border-radius:2px;margin-right:.45em;background:var(--mark)}
.legend .is-none{--mark:var(--none)}
rect.good{fill:var(--good)}rect.bad{fill:var(--bad)}rect.late{fill:var(--late)}rect.none{fill:var(--none)}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:left;color:var(--soft);font-size:.85rem;padding:0 0 .4rem}
th{font-weight:600;color:var(--soft);font-size:.82rem}
thead th{white-space:nowrap}
th,td{text-align:left;vertical-align:middle;padding:.45rem .8rem .45rem 0;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
tr{break-inside:avoid}
.card tbody th{width:36%}.card tbody tr:last-child>*{border-bottom:0}
thead{display:table-header-group}
tbody th{font-weight:400;color:var(--ink);font-size:.92rem;min-width:9rem}
.jobs{font-size:.87rem}
.jobs th,.jobs td{padding-right:.55rem}
.jobs td{white-space:nowrap}
.name{font-weight:600}
.sub{color:var(--soft);font-size:.85rem;display:block;white-space:normal;max-width:20rem}
.strip,.curve{display:inline-block;vertical-align:middle;width:7rem;height:1.5rem}
.curve{width:4.8rem}
.curve path{fill:none;stroke:var(--curve);stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.curve circle{fill:var(--curve)}
.last{display:inline-block;min-width:2.9rem;text-align:right;margin-right:.5rem}
.pill{display:inline-block;border-radius:99px;padding:.05rem .6rem;font-size:.8rem;font-weight:600;white-space:nowrap;border:1px solid var(--mark);color:var(--mark)}
.pill.is-none{--mark:var(--soft)}
del{color:var(--soft);text-decoration:line-through}
ins{text-decoration:none;font-weight:600}
.field{color:var(--soft)}
.kind{white-space:nowrap;color:var(--soft);width:4.5rem}
code{font:.88em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--curve-wash);border-radius:5px;padding:.1rem .4rem}
a{color:var(--curve)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.next{columns:18rem 3;column-gap:2rem;list-style:none;margin:0;padding:0}
.next li{display:flex;gap:1rem;justify-content:space-between;border-bottom:1px solid var(--line);padding:.3rem 0;break-inside:avoid}
.next time{color:var(--soft);white-space:nowrap}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}
@media (max-width:76rem) and (min-width:66.01rem){.curve{width:3.6rem}.strip{width:5.5rem}th,td{padding-right:.5rem}.last{min-width:2.4rem}}
@media screen and (max-width:66rem){
.jobs tbody{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(18rem,100%),1fr));gap:.6rem}
.jobs,.jobs caption,.jobs tr,.jobs th,.jobs td{display:block}
.jobs thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.jobs tr{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.75rem .9rem;margin:0}
.jobs th,.jobs td{border:0;padding:.15rem 0;min-width:0}
.jobs td{display:flex;justify-content:space-between;align-items:center;gap:1rem;white-space:normal;text-align:right}
.jobs td::before{content:attr(data-label);color:var(--soft);font-size:.85rem;text-align:left}
.jobs td.wide{display:block}.jobs td.wide::before{content:none}.jobs td.wide .strip{width:100%;height:1.8rem}
.jobs .sub{max-width:none}
}
@media screen and (max-width:40rem){
.page{padding:1rem .9rem 2rem}
.verdict{padding:1.1rem;gap:.8rem}.sign{width:2.2rem;height:2.2rem}
.tiles{grid-template-columns:1fr 1fr}.tile dd{font-size:1.35rem}
.card{padding:.85rem .9rem}
.kind{width:auto}
}
@media print{
:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#111;--soft:#555;--line:#d5d5d5;--good:#2c8a57;--bad:#c2303c;--late:#b97309;--none:#c3c0b8;--curve:#3564a8;--good-wash:#e8f4ec;--bad-wash:#fbeaea;--late-wash:#fbf1de;--curve-wash:#f3f3f3}
@page{margin:13mm}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
html{font-size:11px}body{font-size:1rem}
.page{max-width:none;padding:0}
h2{break-after:avoid;margin-top:1.6rem}
.chart{height:7rem}
details::details-content{content-visibility:visible;block-size:auto}
.jobs,.jobs tbody th{font-size:.78rem}.jobs td{white-space:normal}.jobs th,.jobs td{padding-right:.35rem}tbody th{min-width:0}.last{min-width:0;margin-right:.2rem}
.jobs .pill,.jobs .sub,.jobs thead th{font-size:.73rem}.pill{padding:0 .35rem}
.strip{width:6rem;height:1.4rem}.curve{width:3.8rem;height:1.4rem}
}
`.trim();
