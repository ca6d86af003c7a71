package nary.fleet.transform;

import java.util.List;

/** What came of a transformation. */
public sealed interface Outcome {
    List<Finding> findings();

    /** @param bytes of the result @param diff to the source, without secrets @param findings warnings only */
    record Done(byte[] bytes, FileDiff diff, List<Finding> findings) implements Outcome {}

    /** @param findings an error at least */
    record Failed(List<Finding> findings) implements Outcome {}
}
