package nary.fleet.transform;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.List;

/** What changes from one text to another, as a unified diff. Secrets are masked. */
public record FileDiff(String before, String after) {
    private static final int CONTEXT = 3;

    /** Without line ends; none if nothing changes. @param beforeName @param afterName for the first two lines */
    public List<String> lines(String beforeName, String afterName) {
        if (before.equals(after)) return List.of();
        List<String> old = List.of(before.split("\n", -1));
        List<String> fresh = List.of(after.split("\n", -1));
        List<String> lines = UnifiedDiffUtils.generateUnifiedDiff(beforeName, afterName, old, DiffUtils.diff(old, fresh), CONTEXT);
        return lines.stream().map(line -> Masking.masked(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)).toList();
    }
}
