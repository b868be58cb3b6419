/**
 * What: a command of a shell where a value was to be. Where: one of the rules of `threat_protection`.
 * Where a shell's line only stands in a text (documentation, a chat), it is none: what starts a command has to stand in a value without spaces before.
 */
import type { Rule } from './Rule.ts';

const END = String.raw`(?=\s{0,9}(?:$|[;&|#)\x60>'"\n]))`;
const COMMANDS = [
  String.raw`(?:whoami|id|uname|hostname|pwd|ls|dir|ps|env|printenv|set|netstat|ifconfig|ipconfig|ver|systeminfo|w|ip\s{1,9}a(?:ddr)?)${END}`,
  String.raw`(?:cat|less|more|head|tail|nl|tac|type|strings|od|xxd)(?:\s{1,9}|\$ifs|\$\{ifs\}|<|\{)\s{0,9}[\w/~.$*?\\{"'%-]`,
  String.raw`(?:ls|dir|ps|uname|id|netstat|rm|cp|mv|chmod|chown|kill|tar|find|grep|nc|ncat|netcat|socat|telnet|ssh|scp)\s{1,9}[-/~.\w$\\]`,
  String.raw`(?:curl|wget|fetch|lynx|nslookup|dig|host|ping6?|traceroute|tftp)\s{1,9}[-\w$\x60"'/(]`,
  String.raw`(?:ba|z|k|c|da|a)?sh(?:\s{1,9}-|\s{0,9}<|${END})`,
  String.raw`(?:python[23]?|perl|ruby|php|node|lua|awk)\s{1,9}-`,
  String.raw`(?:powershell|pwsh|cmd)(?:\.exe)?(?:\s|$)`,
  String.raw`(?:sleep|timeout)\s{1,9}(?:/t\s{1,9})?\d{1,6}`,
  String.raw`(?:echo|printf)\s{1,9}\S`,
  String.raw`(?:net\s{1,9}(?:user|localgroup|view)|certutil|bitsadmin|rundll32|regsvr32|mshta|wmic|reg\s{1,9}(?:add|query))\b`,
  String.raw`(?:touch|mkdir|mkfifo|reboot|shutdown|passwd|crontab|nohup|exec|eval)\b`,
  String.raw`(?:/usr)?/(?:s?bin)/[\w.?*]{1,30}`,
].join('|');

const PATTERNS = new RegExp(
  [
    String.raw`^[^\s;&|\x60]{0,128}\s?['"]?\s{0,9}\)?\s{0,9}(?:;|\|{1,2}|&{1,2}|\n)\s{0,9}(?:${COMMANDS})`,
    String.raw`\$\(\s{0,9}(?:${COMMANDS})[^)]{0,60}\)`,
    String.raw`^[^\s\x60]{0,128}\x60\s{0,9}(?:${COMMANDS})[^\x60]{0,200}\x60[^\s\x60]{0,128}$`,
    String.raw`[;&|\n]\s{0,9}(?:cat|less|more|head|tail|type)\s{1,9}[/\\]{1,2}(?:etc|proc|windows)[/\\]`,
    String.raw`^[^\s;{$]{0,128}\s?['"]?[;{$]{1,3}\s{0,9}(?:system|exec|passthru|shell_exec|popen|proc_open|phpinfo|assert|eval|sleep)\s?\(`,
    String.raw`<!--\s{0,9}#\s{0,9}(?:exec|include)\b`,
    String.raw`\$\{?ifs\b`,
    String.raw`[<>]\s{0,9}/dev/(?:tcp|udp)/`,
    String.raw`\(\)\s{0,9}\{\s{0,9}:\s{0,9};\s{0,9}\}\s{0,9};`,
    String.raw`/bin/(?:ba|z|k|c|da)?sh\s{1,9}-[ci]\b`,
    String.raw`\bcmd(?:\.exe)?\s{1,9}/[ck]\s`,
    String.raw`\bpowershell(?:\.exe)?\s{1,9}-(?:e|ec|enc|encodedcommand|nop|noprofile|w|windowstyle)\s`,
    // Look-ups of a logger (Log4Shell), however its name is put together.
    String.raw`\$\{\s{0,9}(?:jndi|\$\{[^}]{0,40}\}[^}]{0,20}[:}])`,
    String.raw`\$\{[^}]{0,30}(?:lower|upper|env|sys|date|::-|:-)[^}]{0,30}\}[^}]{0,60}:(?:ldaps?|rmi|dns|iiop|http)`,
  ].join('|'),
);

export const commandInjection: Rule = (text) =>
  /[;&|\x60$\n<]|\bcmd|\bpowershell|\/bin\//.test(text) && PATTERNS.test(text);
