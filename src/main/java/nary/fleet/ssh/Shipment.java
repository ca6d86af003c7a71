package nary.fleet.ssh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import nary.fleet.ssh.Tree.Entry;

/**
 * What an upload has to do, from what is here and what is there. Pure but for reading the beginning of large files.
 *
 * @param settled in their place already, as they should be
 * @param waiting already among what an interrupted upload left
 * @param taken copied on the server: by path the number of the basis
 * @param appended of which the beginning is there: by path the bytes that are
 * @param sent the rest
 * @param stale left by an interrupted upload, of no use
 */
record Shipment(
        List<String> settled, List<String> waiting, SortedMap<String, Integer> taken, SortedMap<String, Long> appended, List<String> sent, List<String> stale) {
    /** Below this a file is sent again from its beginning. */
    static final long RESUMED_FROM = 1024 * 1024;

    static Shipment of(Tree tree, Survey survey) throws IOException {
        var shipment = new Shipment(new ArrayList<>(), new ArrayList<>(), new TreeMap<>(), new TreeMap<>(), new ArrayList<>(), new ArrayList<>());
        for (Map.Entry<String, Entry> each : tree.entries().entrySet())
            if (each.getValue() instanceof Entry.File file) shipment.sort(each.getKey(), file, tree, survey);
        var useful = new HashSet<>(shipment.waiting);
        useful.addAll(shipment.appended.keySet());
        for (String left : survey.partial().keySet()) if (!useful.contains(left)) shipment.stale.add(left);
        return shipment;
    }

    private void sort(String path, Entry.File file, Tree tree, Survey survey) throws IOException {
        int basis = basis(path, file, survey);
        String there = tree.isFolder() ? survey.present().get(path) : survey.present().values().stream().findFirst().orElse(null);
        if (file.sha256().equals(there)) settled.add(path);
        else if (file.sha256().equals(survey.partial().get(path))) waiting.add(path);
        else if (basis >= 0) taken.put(path, basis);
        else if (isBegun(path, file, tree.root(), survey)) appended.put(path, survey.partialSizes().get(path));
        else sent.add(path);
    }

    private static int basis(String path, Entry.File file, Survey survey) {
        for (int i = 0; i < survey.bases().size(); i++) if (file.sha256().equals(survey.bases().get(i).get(path))) return i;
        return -1;
    }

    private static boolean isBegun(String path, Entry.File file, Path root, Survey survey) throws IOException {
        long there = survey.partialSizes().getOrDefault(path, 0L);
        if (there < RESUMED_FROM || there >= file.size()) return false;
        return Tree.sha256(root.resolve(path), there).equals(survey.partial().get(path));
    }

    /** What has still to be written on the server, from here or from a basis. */
    long bytesToWrite(Tree tree) {
        return bytesToSend(tree) + taken.keySet().stream().mapToLong(path -> size(tree, path)).sum();
    }

    long bytesToSend(Tree tree) {
        long rest = appended.entrySet().stream().mapToLong(begun -> size(tree, begun.getKey()) - begun.getValue()).sum();
        return rest + sent.stream().mapToLong(path -> size(tree, path)).sum();
    }

    int filesToSend() {
        return sent.size() + appended.size();
    }

    /** Those that go through the staging folder. */
    List<String> staged() {
        List<String> staged = new ArrayList<>(waiting);
        staged.addAll(taken.keySet());
        staged.addAll(appended.keySet());
        staged.addAll(sent);
        return staged;
    }

    private static long size(Tree tree, String path) {
        return tree.entries().get(path) instanceof Entry.File file ? file.size() : 0;
    }
}
