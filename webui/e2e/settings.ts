/** Where the server is and who signs in; given by tests/browser/test_browser.py. */
export interface Settings {
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  /** The slug of a project of at least 30 texts, of which the user is a manager. */
  readonly project: string;
}

export function settings(): Settings {
  return {
    baseUrl: needed("BASE_URL", "SERVER_URL").replace(/\/$/, ""),
    username: needed("USERNAME"),
    password: needed("PASSWORD"),
    project: needed("PROJECT"),
  };
}

function needed(name: string, inside = name): string {
  const value = process.env[inside];
  if (value) return value;
  throw new Error(
    `${name} is not set. These tests need a running server: BASE_URL, USERNAME, PASSWORD and PROJECT say which. \`pytest tests/browser\` starts one and sets them.`,
  );
}
