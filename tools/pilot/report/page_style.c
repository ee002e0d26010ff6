/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "report/page.h"

static const char style[] =
	":root{--paper:#fff;--ink:#1b2430;--dim:#5a6575;--line:#dfe4ea;--soft:#f4f6f9;--ok:#167a52;--ok-soft:#e0f3ea;"
	"--bad:#b3202c;--bad-soft:#fbe6e7;--warn-soft:#fdf3dc;--link:#2259b8}\n"
	"@media (prefers-color-scheme:dark){:root{--paper:#14181f;--ink:#e6eaf0;--dim:#a2adbb;--line:#313a46;--soft:#1b212a;"
	"--ok:#63d3a2;--ok-soft:#17352a;--bad:#ff8d8d;--bad-soft:#40201f;--warn-soft:#3a301a;--link:#8fb5ff}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:1180px;padding:28px 24px 64px;background:var(--paper);color:var(--ink);"
	"font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",\"DejaVu Sans\",sans-serif;"
	"overflow-wrap:anywhere}\n"
	"h1{font-size:28px;line-height:1.2;margin:0}h2{font-size:20px;margin:0 0 14px}h3{font-size:15px;margin:22px 0 8px}\n"
	"section{margin-top:40px;padding-top:24px;border-top:1px solid var(--line)}p{margin:0 0 10px}\n"
	"code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,\"DejaVu Sans Mono\",\"Liberation Mono\",monospace;"
	"font-size:.88em}\n"
	".where,.dim{color:var(--dim)}.where{margin:2px 0 14px}\n"
	".verdict{display:inline-block;font-weight:600;padding:4px 12px;border-radius:999px;margin:0 0 16px}\n"
	".ok{color:var(--ok)}.bad{color:var(--bad)}.off{color:var(--dim)}\n"
	".verdict.ok,.badge.ok{background:var(--ok-soft)}.verdict.bad,.badge.bad{background:var(--bad-soft)}"
	".verdict.off,.badge.off{background:var(--soft)}\n"
	".badge{display:inline-block;font-size:12.5px;font-weight:600;padding:1px 9px;border-radius:999px;white-space:nowrap}\n"
	".facts{display:flex;flex-wrap:wrap;gap:8px 30px;margin:0 0 16px}.facts dt{font-size:12.5px;color:var(--dim)}"
	".facts dd{margin:0}\n"
	".missing{background:var(--warn-soft);border-radius:8px;padding:12px 16px;margin:0 0 16px}.missing ul{margin:6px 0 0;"
	"padding-left:20px}\n"
	"nav a{color:var(--link);margin-right:16px;text-decoration:none}nav a:hover{text-decoration:underline}\n"
	".steps{list-style:none;margin:0;padding:0}\n"
	".steps li{display:grid;grid-template-columns:26px minmax(150px,220px) 74px 1fr;gap:2px 10px;padding:7px 0;"
	"border-bottom:1px solid var(--line)}.steps li:last-child{border:0}\n"
	".steps .mark{font-weight:700}.steps .name{font-weight:600}.steps .time{color:var(--dim);text-align:right;"
	"font-variant-numeric:tabular-nums;padding-right:8px}\n"
	".picture{overflow-x:auto;margin:0 0 18px}.picture svg{display:block;max-width:none}\n"
	".cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(330px,100%),1fr));gap:14px}\n"
	".card{border:1px solid var(--line);border-radius:10px;padding:12px 16px;min-width:0}\n"
	".card h3{margin:0 0 4px;display:flex;justify-content:space-between;gap:10px;align-items:baseline}\n"
	".card dl{margin:8px 0 0;display:grid;align-items:baseline;grid-template-columns:88px 1fr;gap:1px 10px;font-size:13.5px}"
	".card dt{color:var(--dim)}.card dd{margin:0;min-width:0}\n"
	".refusal{border-left:3px solid var(--bad);padding:2px 0 2px 14px;margin:0 0 16px}.refusal p{margin:0}"
	".refusal .head{display:flex;flex-wrap:wrap;gap:2px 12px;align-items:baseline}\n"
	".refusal .what{margin:2px 0}.refusal .means{color:var(--dim);font-size:14px}\n"
	".means ol{margin:0 0 8px;padding-left:22px}.means>p+p{margin-top:4px}\n"
	"details{border:1px solid var(--line);border-radius:8px;margin:0 0 12px}summary{cursor:pointer;padding:9px 14px;"
	"font-weight:600}\n"
	"pre{margin:0;padding:10px 14px;border-top:1px solid var(--line);background:var(--soft);overflow:auto;max-height:70vh;"
	"font-size:12.5px;line-height:1.45;border-radius:0 0 8px 8px;overflow-wrap:normal}\n"
	"@media (max-width:720px){body{padding:18px 14px 40px}h1{font-size:23px}\n"
	".steps li{grid-template-columns:22px 1fr auto}.steps .observed{grid-column:2/4}}\n"
	"@media print{details{break-inside:avoid}nav{display:none}}\n";

void page_style(struct buffer *b)
{
	buffer_put(b, style, strlen(style));
}
