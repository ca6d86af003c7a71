package nary.fleet.transform;

/** Where in a file, for people. @param line from 1; 0: the file as a whole @param column in code points, from 1 */
public record Place(String file, int line, int column) {
    static Place whole(String file) {
        return new Place(file, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
