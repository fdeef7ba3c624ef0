namespace EchoRate.Machine.Natives;

/// <summary>Where llama.cpp's libraries were found.</summary>
public enum LlamaSource
{
    /// <summary>In the folder that ECHORATE_LLAMA_DIR names.</summary>
    Variable,

    /// <summary>Beside the program, in its folder <c>llama.cpp</c>.</summary>
    Program,

    /// <summary>In the user's folder, fetched by us.</summary>
    User,

    /// <summary>In a folder that was named for one use.</summary>
    Named,
}

/// <summary>llama.cpp's libraries, found and looked at, not loaded: load <see cref="GgmlBase"/>, <see cref="Ggml"/>, <see cref="Llama"/> in this order.</summary>
public sealed record LlamaLibraries
{
    /// <summary>The folder they lie in; the backends' plugins are loaded from here.</summary>
    public required string Directory { get; init; }

    /// <summary>Full path of libggml-base.</summary>
    public required string GgmlBase { get; init; }

    /// <summary>Full path of libggml.</summary>
    public required string Ggml { get; init; }

    /// <summary>Full path of libllama.</summary>
    public required string Llama { get; init; }

    /// <summary>The release tag, for example <c>v0.4.0</c>; null when neither metadata nor file name tells it.</summary>
    public string? Release { get; init; }

    /// <summary>Where they were found.</summary>
    public required LlamaSource Source { get; init; }
}
