/** Languages that corpora are often in; any other can be set through the API and stays listed. */
const COMMON =
  "ar bg bn ca cs da de el en es et eu fa fi fr ga he hi hr hu id is it ja ko lt lv mt nb nl pl pt ro ru sk sl sr sv sw ta th tr uk ur vi zh".split(
    " ",
  );

/** Return the codes to choose from, with the one that is set among them. */
export function languageChoices(set: string): readonly string[] {
  return COMMON.includes(set) ? COMMON : [set, ...COMMON];
}
