/** What `--help` says after the options. */
export const EXAMPLES = `
Examples:
  whodisk                                   triage this machine
  whodisk root@db-1 root@db-2 web-3:2222    three hosts over SSH, worst first
  whodisk -l admin --identity ~/.ssh/fleet db-1 db-2
  whodisk -w 10 --json db-1 | jq '.hosts[0].disks'
  whodisk --fail-on saturated db-1 || page-somebody
  whodisk sweep schema                      a host that is called like a command

Exit status:
  0 every target swept    1 whodisk itself failed    2 usage or configuration
  3 some targets not swept    4 none swept    5 --fail-on found something    130 interrupted
`;
