namespace EchoRate.Machine.Doctor;

/// <summary>What the doctor looks at beside libraries: files and programs of the system. Tests invent machines by it.</summary>
public interface IHostView
{
    /// <summary>A small text file; null where it is not there or cannot be read.</summary>
    string? ReadText(string path);

    /// <summary>Full paths of what lies in a folder, in order; empty where there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>What a program on PATH prints; null where there is none, it fails, or does not end.</summary>
    string? Run(string program, params string[] arguments);
}
