/** How long whoever carries out a message has. */
export interface Limits {
  /** Once aborted no host is begun any more; those under way go on. What is left is done at the next delivery. */
  readonly stopBeginning: AbortSignal;
  /** Once aborted hosts under way are given up as well; what they were is not stored. */
  readonly giveUp: AbortSignal;
  /** Epoch: by then the message must be answered. No host is begun that might not be done by then; absent where there is no such end. */
  readonly endsByMs?: number;
}
