/** Read the name of a file from a Content-Disposition header; null where it has none. */
export function fileName(disposition: string | null): string | null {
  const encoded = /filename\*=(?:utf-8)''([^;]+)/i.exec(disposition ?? "")?.[1];
  if (encoded !== undefined) return decoded(encoded);
  const plain = /filename="?([^";]+)"?/i.exec(disposition ?? "")?.[1];
  return plain === undefined ? null : decoded(plain);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
