@org.jspecify.annotations.NullMarked
package nary.id;
