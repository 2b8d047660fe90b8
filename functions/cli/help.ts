/** What `--help` says after the options. */
export const EXAMPLES = `
Examples:
  whodisk                                   triage this machine
  whodisk root@db-1 root@db-2 web-3:2222    three hosts over SSH, worst first
  whodisk @db 'web-[01-20]'                 a group of whodisk.yml or of an inventory, and a folded set
  ansible-inventory --list | whodisk -i - @db
  whodisk -J bastion -l admin --identity ~/.ssh/fleet db-1 db-2
  whodisk explain db-1                      the evidence of its newest finding, step by step
  whodisk read top.txt iostat.txt pidstat.txt strace.txt lsof.txt
                                            the same from pasted output, for a host that nobody may log in to; - is stdin
  whodisk diff                              what is new, worse, better and gone since the sweep before
  whodisk -w 10 --json db-1 | jq '.hosts[0].disks'
  whodisk --fail-on saturated db-1 || page-somebody
  whodisk serve --listen 127.0.0.1:8470     the same for others: HTTP API, chat, schedules, alerts
  whodisk token create --scope run --name grafana
  whodisk audit                             who asked for what, and how it ended
  whodisk sweep schema                      a host that is called like a command

Exit status:
  0 every target swept    1 whodisk itself failed, or nothing was stored    2 usage or configuration
  3 some targets not swept    4 none swept    5 --fail-on found something    130 interrupted
`;
