import { AppError, toPublicError } from "@/lib/errors";

/** What a file could not be applied for, and where it says it. Nothing of the file holds then. */
export class ConfigRefused extends Error {
  override readonly name = "ConfigRefused";
  constructor(
    readonly path: readonly PropertyKey[],
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Does something that a place of the file asks for; what refuses it is told together with that place. */
export async function at<T>(path: readonly PropertyKey[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { message, hint } = toPublicError(error);
    throw new ConfigRefused(path, hint ? `${message} ${hint}` : message, { cause: error });
  }
}
