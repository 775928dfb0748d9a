/** Anything that may be one folder name of ours: no separator, no leading dot. */
export const folderNamePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;
