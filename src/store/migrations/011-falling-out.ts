/** Lines of a followed log whose blobs are to leave the tree, since their articles fell out of what this node keeps. */
export const fallingOut = `
CREATE INDEX replica_entry_going ON replica_entry (replica_id, position) WHERE reason = 'going';
`;
