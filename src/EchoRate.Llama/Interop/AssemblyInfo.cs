using System.Runtime.CompilerServices;

// Structs cross the border as they lie in memory: a bool is one byte, as in C, and nothing is copied or converted on the way.
[assembly: DisableRuntimeMarshalling]
