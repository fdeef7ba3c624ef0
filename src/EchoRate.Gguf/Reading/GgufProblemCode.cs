namespace EchoRate.Gguf;

/// <summary>What kind of problem a file has; tests and scripts hold on to these, people read the message.</summary>
public enum GgufProblemCode
{
    FileMissing,
    IsDirectory,
    NoPermission,
    Unreadable,

    /// <summary>The file has no bytes, or is a device or a pipe.</summary>
    EmptyFile,
    LfsPointer,

    /// <summary>The file is text, for instance an error page saved under the model's name.</summary>
    TextFile,
    BadMagic,

    /// <summary>The file is of another format that people have models in.</summary>
    OtherFormat,
    BigEndian,
    OldVersion,
    FutureVersion,
    HeaderTruncated,

    /// <summary>The header is larger than <see cref="GgufFormat.MaxHeaderBytes"/>.</summary>
    HeaderTooLarge,

    /// <summary>A length or a count asks for more bytes than the file has left: truncated or damaged.</summary>
    LengthPastEnd,

    /// <summary>A key is empty or not UTF-8.</summary>
    BadKey,
    DuplicateKey,
    UnknownValueType,

    /// <summary>An array holds arrays, which llama.cpp refuses.</summary>
    NestedArray,

    /// <summary>A known key holds a value of another type than llama.cpp asks for.</summary>
    WrongValueType,
    BadAlignment,

    /// <summary>A tensor's name is empty, too long, not UTF-8, or holds a zero byte.</summary>
    BadTensorName,
    DuplicateTensor,

    /// <summary>A tensor has no dimension, more than four, or one below 1.</summary>
    BadDimensions,

    /// <summary>A tensor's dimensions multiply to more than a 64-bit number of bytes.</summary>
    TensorTooLarge,
    UnknownTensorType,
    PartialBlock,
    TensorMisaligned,
    TensorsOverlap,

    /// <summary>A tensor does not follow directly on the one in front of it, which llama.cpp demands.</summary>
    TensorGap,
    DataTruncated,

    /// <summary>The file is a later part of a split model; the first one is to be opened.</summary>
    NotFirstPart,
    PartMissing,

    /// <summary>A split model's file name does not end as llama.cpp demands (-00001-of-00003.gguf).</summary>
    PartName,

    /// <summary>The parts of a split model were joined into one file, byte for byte.</summary>
    JoinedParts,
    PartMismatch,
    TensorCountMismatch,
    NoArchitecture,

    /// <summary>The file is an adapter, a projector or the like, not a model.</summary>
    NotAModel,

    /// <summary>An embedding model or a reranker: a vector or a score for a text, no next token.</summary>
    EmbeddingModel,

    /// <summary>Tokens see the ones behind them, or another text: no next token follows from what is in front.</summary>
    NotCausal,

    /// <summary>The file holds no tensors: a vocabulary alone, or the first part of a split model without its keys.</summary>
    NoTensors,
    NoTokenEmbedding,

    /// <summary>The layer count is absent or 0; llama.cpp aborts on 0.</summary>
    NoLayers,
    BadExpertCount,
    UnknownRopeScaling,
    BadEpsilon,
    BadRopeDimensions,

    /// <summary>Keys, values and their rotated part differ in length where the architecture asserts that they do not.</summary>
    BadHeadLength,
    NoSlidingLayers,
    TensorTypeUnusable,
    VectorNotF32,
    DuplicateToken,
    BadByteToken,

    /// <summary>A SentencePiece vocabulary cannot spell every byte; llama.cpp ends the process on a text that needs the missing ones.</summary>
    NoByteTokens,
    NoTokenizer,
    NoTokens,

    /// <summary>The vocabulary has more tokens than any that is known by far.</summary>
    TooManyTokens,
    NoMerges,
    NoPreTokenizer,
    ScoreCount,
    TokenTypeCount,
    EmbeddingShape,
    BosOutOfRange,
    EosOutOfRange,

    /// <summary>A Gemma file converted before July 2024 lacks `add_space_prefix=false`, so that its tokenizer puts a space in front of ' John'.</summary>
    NoSpacePrefixKey,
    TooManyProblems,
}
