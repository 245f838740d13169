import type { ErrorInfo, ProblemDetails } from "@/api/generated";

/** Whatever went wrong with a request, in the four parts a person needs. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly hint: string;
  readonly requestId: string | null;

  constructor(facts: {
    status: number;
    title: string;
    detail: string;
    code: string;
    hint: string;
    requestId: string | null;
  }) {
    super(facts.detail);
    this.status = facts.status;
    this.title = facts.title;
    this.code = facts.code;
    this.hint = facts.hint;
    this.requestId = facts.requestId;
  }

  /** The server was not reached at all: it may be restarting. */
  get isOffline(): boolean {
    return this.status === 0;
  }
}

/** The server's own words (RFC 9457), not those of a proxy. */
export const isProblem = (body: unknown): body is ProblemDetails =>
  typeof body === "object" && body !== null && "code" in body && "detail" in body;

/** In place of the phrases of HTTP, which are written for programs. */
const TITLES: Record<number, string> = {
  400: "This cannot be done as asked",
  401: "A login is needed",
  403: "This is not allowed",
  404: "It is not there",
  409: "Not as things are now",
  413: "Too large",
  415: "This cannot be done as asked",
  422: "This could not be read",
  429: "Too many at once",
  500: "The server made a mistake",
  503: "Not available at the moment",
};

/** Make a problem of a thrown error or of an answer that was not one. */
export function toProblem(error: unknown, response?: Response): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (isProblem(error)) {
    const title = TITLES[error.status] ?? error.title;
    return new ApiProblem({ ...error, title, requestId: error.request_id });
  }
  if (response) {
    return new ApiProblem({
      status: response.status,
      title: "The server answered with an error",
      detail:
        `${response.status} ${response.statusText} from ${new URL(response.url).pathname}`.trim(),
      code: `HTTP_${response.status}`,
      hint: "Try again. If it stays, look at the server's log for the request id.",
      requestId: response.headers.get("x-request-id"),
    });
  }
  return new ApiProblem({
    status: 0,
    title: "The server does not answer",
    detail: "No connection to the monitor's server.",
    code: "NO_CONNECTION",
    hint: "Is it running? This page tries again by itself and goes on where it was.",
    requestId: null,
  });
}

/** An error inside an answer, shown the same way. */
export function fromInfo(info: ErrorInfo, title: string): ApiProblem {
  return new ApiProblem({
    status: 200,
    title,
    detail: info.message,
    code: info.code,
    hint: info.hint,
    requestId: null,
  });
}
