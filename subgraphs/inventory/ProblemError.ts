/** An answer other than success: it becomes a problem document (RFC 9457) with this status. */
export class ProblemError extends Error {
  readonly status: number;
  readonly title: string;

  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}
