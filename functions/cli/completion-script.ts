/**
 * What `whodisk completion SHELL` prints. The scripts know no option and no host: they ask `whodisk complete SHELL -- …`, whose answer
 * is a first line that says what may stand there ("words", or "files" and "folders" besides), then a candidate a line. Nothing of the
 * answer is ever evaluated: bash gets words that are quoted already, zsh and fish quote what they insert by themselves.
 */
import type { Shell } from './shells.ts';

/** bash(1), "Programmable Completion". Bash 3.2, as macOS has it, has neither mapfile nor compopt. */
const BASH = `# bash completion of whodisk. In ~/.bashrc: source <(whodisk completion bash)
_whodisk() {
  local line kind=
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$kind" ]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <(command whodisk complete bash -- "\${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
  case $kind in
    files) compopt -o bashdefault -o default 2>/dev/null ;;
    folders) compopt -o plusdirs 2>/dev/null ;;
  esac
}
complete -F _whodisk whodisk
`;

/** zshcompsys(1) and zshcompwid(1). */
const ZSH = `#compdef whodisk
# zsh completion of whodisk. As a file _whodisk in a folder of $fpath, or in ~/.zshrc after compinit: source <(whodisk completion zsh)
_whodisk() {
  local line kind
  local -a answer names shown
  answer=("\${(@f)$(command whodisk complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  kind=$answer[1]
  for line in "\${(@)answer[2,-1]}"; do
    names+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  }")
  done
  if (( $#names )); then
    if [[ "$names" == "$shown" ]]; then compadd -a names; else compadd -l -d shown -a names; fi
  fi
  if [[ $kind == (files|folders) ]]; then
    compset -P '--*='
    if [[ $kind == files ]]; then _files; else _files -/; fi
  fi
}
if [[ $funcstack[1] == _whodisk ]]; then
  _whodisk "$@"
elif (( $+functions[compdef] )); then
  compdef _whodisk whodisk
fi
`;

/** complete(1) and commandline(1) of fish. */
const FISH = `# fish completion of whodisk. In ~/.config/fish/config.fish: whodisk completion fish | source
function __whodisk_complete
    set -l token (commandline -ct)
    set -l words (commandline -opc)
    set -l answer (command whodisk complete fish -- $words[2..-1] "$token" 2>/dev/null)
    set -q answer[1]; or return
    set -l value (string replace -r -- '^--[^=]*=' '' "$token")
    set -l before (string match -r -- '^--[^=]*=' "$token")
    switch $answer[1]
        case files
            printf '%s\\n' "$before"(__fish_complete_path "$value")
        case folders
            printf '%s\\n' "$before"(__fish_complete_directories "$value" '')
    end
    printf '%s\\n' $answer[2..-1]
end
complete -c whodisk -f -a '(__whodisk_complete)'
`;

const SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const satisfies Record<Shell, string>;

export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
