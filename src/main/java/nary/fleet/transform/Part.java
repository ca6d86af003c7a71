package nary.fleet.transform;

/** What stands between two tags. */
sealed interface Part permits Piece, Gap {
    void print(StringBuilder out);
}
