/** What a command takes from the machine and the environment that it runs in; main.ts alone reads them. */
export interface Surroundings {
  /** This machine's own name. */
  readonly hostName: string;
  /** Who runs it. */
  readonly user: string;
  /** Their number; absent where the system has none. */
  readonly uid?: number;
  readonly homeDirectory: string;
  readonly workingDirectory: string;
  /** SSH_AUTH_SOCK. */
  readonly agentSocket?: string;
  /** For `${NAME}` in ssh_config(5), as ssh expands it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** WHODISK_CONFIG. */
  readonly config?: string;
  /** XDG_CONFIG_HOME. */
  readonly xdgConfigHome?: string;
  /** Absolute: XDG_STATE_HOME/whodisk, by default ~/.local/state/whodisk. */
  readonly stateFolder: string;
  /** Columns of the terminal on stdout. */
  readonly columns: number;
  /** Lines of it; absent where they are not known. */
  readonly rows?: number;
  /** What they type to start it (program-name.ts); absent: "whodisk". */
  readonly program?: string;
  readonly colour: boolean;
  /** Colour is wanted even where stdout is no terminal. */
  readonly forcedColour: boolean;
  /** TERM=dumb. */
  readonly isDumbTerminal: boolean;
}
