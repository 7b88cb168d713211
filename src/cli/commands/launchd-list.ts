import { basename } from 'node:path';

/**
 * The property list of a scheduler for launchd. Its label, which is also the name of its file, is unique among homes
 * whose folders have different names.
 * @param home undefined for the default home
 * @param log the file for what it prints
 */
export function launchdList(argv: readonly string[], home: string | undefined, log: string): string {
  const name = home === undefined ? '' : `.${basename(home).replaceAll(/[^A-Za-z0-9-]+/g, '-')}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>dev.quickscrape.scheduler${name}</string>
  <key>ProgramArguments</key>
  <array>
${argv.map((word) => `    <string>${xmlText(word)}</string>`).join('\n')}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>AbandonProcessGroup</key>
  <true/>
  <key>StandardErrorPath</key>
  <string>${xmlText(log)}</string>
</dict>
</plist>
`;
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
