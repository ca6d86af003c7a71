package nary.fleet.ssh;

/**
 * What a transfer did.
 *
 * @param files how many the tree has
 * @param sent how many of them had to go over the wire
 * @param bytes of all files
 * @param sentBytes of those that went over the wire
 */
public record Transfer(int files, int sent, long bytes, long sentBytes) {}
