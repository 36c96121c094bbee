/** What cannot be drawn, said in one line, with the status that the studio's API would give. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly status = 422,
  ) {
    super(message);
  }
}
