/** A command without the folders of its absolute paths: where things lie on one machine says nothing to a reader. */
export function withoutFolders(command: string): string {
  return command.replace(/(?<![\w.@+-])\/(?:[\w.@+-]+\/)+/g, '…/');
}
