/** Everything of a run may be read by its owner's group, and by nobody else: an umask can only take more away. */
export const folderMode = 0o750;
export const fileMode = 0o640;
