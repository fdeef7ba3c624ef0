namespace EchoRate.Gguf;

/// <summary>What kind of problem a file has; tests and scripts hold on to these, people read the message.</summary>
public enum GgufProblemCode
{
    /// <summary>There is no such file.</summary>
    FileMissing,

    /// <summary>The path is a directory.</summary>
    IsDirectory,

    /// <summary>The file may not be read by this user.</summary>
    NoPermission,

    /// <summary>The operating system could not read the file.</summary>
    Unreadable,

    /// <summary>The file has no bytes, or is a device or a pipe.</summary>
    EmptyFile,

    /// <summary>The file is a Git LFS pointer: the model itself was not downloaded.</summary>
    LfsPointer,

    /// <summary>The file is text, for instance an error page saved under the model's name.</summary>
    TextFile,

    /// <summary>The file does not begin with the four bytes GGUF.</summary>
    BadMagic,

    /// <summary>The file is of another format that people have models in.</summary>
    OtherFormat,

    /// <summary>The file was written for big-endian machines.</summary>
    BigEndian,

    /// <summary>The version is older than we and llama.cpp read.</summary>
    OldVersion,

    /// <summary>The version is newer than we know.</summary>
    FutureVersion,

    /// <summary>The file ends inside its header.</summary>
    HeaderTruncated,

    /// <summary>The header is larger than <see cref="GgufFormat.MaxHeaderBytes"/>.</summary>
    HeaderTooLarge,

    /// <summary>A length or a count asks for more bytes than the file has left: truncated or damaged.</summary>
    LengthPastEnd,

    /// <summary>A key is empty or not UTF-8.</summary>
    BadKey,

    /// <summary>A key occurs twice.</summary>
    DuplicateKey,

    /// <summary>A value's type is none of the thirteen.</summary>
    UnknownValueType,

    /// <summary>An array holds arrays, which llama.cpp refuses.</summary>
    NestedArray,

    /// <summary>A known key holds a value of another type than llama.cpp asks for.</summary>
    WrongValueType,

    /// <summary>The alignment is not a power of two.</summary>
    BadAlignment,

    /// <summary>A tensor's name is empty, too long, not UTF-8, or holds a zero byte.</summary>
    BadTensorName,

    /// <summary>A tensor occurs twice.</summary>
    DuplicateTensor,

    /// <summary>A tensor has no dimension, more than four, or one below 1.</summary>
    BadDimensions,

    /// <summary>A tensor's dimensions multiply to more than a 64-bit number of bytes.</summary>
    TensorTooLarge,

    /// <summary>A tensor's type is not one that llama.cpp reads.</summary>
    UnknownTensorType,

    /// <summary>A tensor's row does not consist of whole blocks of its type.</summary>
    PartialBlock,

    /// <summary>A tensor's offset is not a multiple of the alignment.</summary>
    TensorMisaligned,

    /// <summary>A tensor begins before the one in front of it ends.</summary>
    TensorsOverlap,

    /// <summary>A tensor does not follow directly on the one in front of it, which llama.cpp demands.</summary>
    TensorGap,

    /// <summary>The tensors need more bytes than the file has.</summary>
    DataTruncated,

    /// <summary>The file is a later part of a split model; the first one is to be opened.</summary>
    NotFirstPart,

    /// <summary>A part of a split model is not beside the first one.</summary>
    PartMissing,

    /// <summary>A split model's file name does not end as llama.cpp demands (-00001-of-00003.gguf).</summary>
    PartName,

    /// <summary>The parts of a split model were joined into one file, byte for byte.</summary>
    JoinedParts,

    /// <summary>A part of a split model says that it is another part.</summary>
    PartMismatch,

    /// <summary>The parts of a split model hold another number of tensors than they say.</summary>
    TensorCountMismatch,

    /// <summary>There is no `general.architecture`.</summary>
    NoArchitecture,

    /// <summary>The file is an adapter, a projector or the like, not a model.</summary>
    NotAModel,

    /// <summary>An embedding model or a reranker: a vector or a score for a text, no next token.</summary>
    EmbeddingModel,

    /// <summary>Tokens see the ones behind them, or another text: no next token follows from what is in front.</summary>
    NotCausal,

    /// <summary>The file holds no tensors: a vocabulary alone, or the first part of a split model without its keys.</summary>
    NoTensors,

    /// <summary>There is no `token_embd.weight`.</summary>
    NoTokenEmbedding,

    /// <summary>The layer count is absent or 0; llama.cpp aborts on 0.</summary>
    NoLayers,

    /// <summary>The expert counts are absent or contradict each other; llama.cpp aborts on them.</summary>
    BadExpertCount,

    /// <summary>`rope.scaling.type` is a word that llama.cpp does not know and aborts on.</summary>
    UnknownRopeScaling,

    /// <summary>The epsilon of a norm is negative or not finite; llama.cpp aborts on it.</summary>
    BadEpsilon,

    /// <summary>The rotated part of a head is odd or longer than the head; llama.cpp aborts on it.</summary>
    BadRopeDimensions,

    /// <summary>Keys, values and their rotated part differ in length where the architecture asserts that they do not.</summary>
    BadHeadLength,

    /// <summary>There is a sliding window and no layer that slides, on which llama.cpp aborts.</summary>
    NoSlidingLayers,

    /// <summary>A matrix is stored in a type with which ggml cannot multiply; the process would crash.</summary>
    TensorTypeUnusable,

    /// <summary>A norm, a bias or another vector is not F32; ggml aborts on it.</summary>
    VectorNotF32,

    /// <summary>Two tokens have the same text; llama.cpp aborts on it.</summary>
    DuplicateToken,

    /// <summary>A token marked as a byte does not name one; llama.cpp aborts on it.</summary>
    BadByteToken,

    /// <summary>A SentencePiece vocabulary cannot spell every byte; llama.cpp ends the process on a text that needs the missing ones.</summary>
    NoByteTokens,

    /// <summary>The file names no tokenizer, or one that llama.cpp does not know.</summary>
    NoTokenizer,

    /// <summary>The vocabulary has no tokens.</summary>
    NoTokens,

    /// <summary>The vocabulary has more tokens than any that is known by far.</summary>
    TooManyTokens,

    /// <summary>A byte-pair vocabulary has no merges.</summary>
    NoMerges,

    /// <summary>A byte-pair vocabulary names no pre-tokenizer.</summary>
    NoPreTokenizer,

    /// <summary>There are more or fewer scores than tokens.</summary>
    ScoreCount,

    /// <summary>There are more or fewer token types than tokens.</summary>
    TokenTypeCount,

    /// <summary>The token embedding's dimensions disagree with the vocabulary or the embedding length.</summary>
    EmbeddingShape,

    /// <summary>The BOS id is not in the vocabulary.</summary>
    BosOutOfRange,

    /// <summary>The EOS id is not in the vocabulary.</summary>
    EosOutOfRange,

    /// <summary>A Gemma file converted before July 2024 lacks `add_space_prefix=false`, so that its tokenizer puts a space in front of ' John'.</summary>
    NoSpacePrefixKey,

    /// <summary>There were so many problems that the rest is left out.</summary>
    TooManyProblems,
}
