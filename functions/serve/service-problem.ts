/** Why a service does not start: one sentence, and what to do. Tell it from a service with `instanceof`. */
export class ServiceProblem {
  readonly message: string;
  readonly mend: string;

  constructor(message: string, mend: string) {
    this.message = message;
    this.mend = mend;
  }
}
