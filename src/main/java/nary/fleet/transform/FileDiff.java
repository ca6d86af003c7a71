package nary.fleet.transform;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.ArrayList;
import java.util.List;

/** What changes from one text to another, as a unified diff. Secrets are masked. */
public record FileDiff(String before, String after) {
    private static final int CONTEXT = 3;

    /** Without line ends, as {@code patch} reads it; none if nothing changes. @param beforeName @param afterName for the first two lines */
    public List<String> lines(String beforeName, String afterName) {
        if (before.equals(after)) return List.of();
        List<String> old = lines(before);
        List<String> lines = UnifiedDiffUtils.generateUnifiedDiff(beforeName, afterName, old, DiffUtils.diff(old, lines(after)), CONTEXT);
        return lines.stream().flatMap(String::lines).map(Masking::masked).toList();
    }

    private static List<String> lines(String text) {
        if (text.isEmpty()) return List.of();
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        String last = lines.removeLast();
        if (!last.isEmpty()) lines.add(last + "\n\\ No newline at end of file");
        return lines;
    }
}
