"""Command lines that between them reach every part of the program.

Each is (arguments, standard input).
"""
CHAIN = "conv3-64,relu,maxpool,conv3-128 s2 d2 g2 b0,bn,gap,FC-1000,softmax"
BRANCHES = ("a: conv1-64, add(conv3-64 b0,bn,relu | id), cat(@a | conv1-32, conv3-32 | gap,"
            "resize56), aux(gap,FC-10), se-16, split(id | conv3-c), shuffle2")
PROGRAM = b"""input 3x224x224
# a comment
width = 16
block(n, s=1) = conv3-n s(s) b0, bn, relu,
  conv3-n b0, bn
step(n) = add(block(n) | id), relu
stem: (conv7-width/2, maxpool3/2 p1)
body: (2*step(width))
gap, FC-1000
"""
MANY = ["--layers", "20000*relu", "-f", "tsv", "-c", "index"]
LINES = b"""conv3-64,maxpool,FC-4096
# a comment

input 28 gray; conv5-6 p0, avgpool
conv3-
3000*relu
\xff
conv3-8,relu\r
neck(n)=add(conv1-n | id); 2*neck(3)"""

COMMANDS = [
    (["--input", "224", "--layers", "conv3-64,maxpool,FC-4096"], b""),
    (["-l", CHAIN, "-a"], b""),
    (["-l", BRANCHES, "-a"], b""),
    (["-l", BRANCHES], b""),
    (["-i", "vector784", "-l", "FC-100,relu,FC-10"], b""),
    (["-i", "28 gray", "-l", "conv5-6 p0,avgpool", "-l", "conv5-16 p0", "-l", "FC-10"], b""),
    (["-f", "tsv", "-l", CHAIN], b""),
    (["-f", "csv", "-l", BRANCHES], b""),
    (["-f", "json", "-l", BRANCHES], b""),
    (["-f", "markdown", "-l", CHAIN], b""),
    (["-c", "layer,output,rf,jump,start", "-l", CHAIN], b""),
    (["-c", "+activations,memory", "--dtype", "f16", "--samples", "8", "-l", CHAIN], b""),
    (["vgg-d"], b""),
    (["resnet50"], b""),
    (["resnet50", "--all", "-f", "csv"], b""),
    (["googlenet", "-f", "json"], b""),
    (["densenet121", "-a", "-f", "tsv"], b""),
    (["examples/unet.cnn"], b""),
    (["examples/unet.cnn", "-a", "-c", "+rf"], b""),
    (["-"], PROGRAM),
    (["-", "-D", "width=32", "--all"], PROGRAM),
    (["-", "-i", "3x64x64", "-f", "json"], PROGRAM),
    (["-"], b"relu\n" * 5000),
    (["--list"], b""),
    (["--help"], b""),
    (["--help", "layers"], b""),
    (["-c", "help"], b""),
    (["-f", "help"], b""),
    (["--version"], b""),
    (["-l", "conv3-64,maxpool,conv3-"], b""),
    (["-l", "f(n)=n*relu; g(n)=n*f(n); q(n)=n*g(n); q(1000)"], b""),
    (["-l", "conv9-9 p0", "-i", "3"], b""),
    (["-l", "relu", "-i", "0"], b""),
    (["-l", "relu", "-c", "nothing"], b""),
    (["-l", "relu", "-f", "nothing"], b""),
    (["nothing"], b""),
    (["resnet51"], b""),
    (["examples"], b""),
    (["-l"], b""),
    (["--nothing"], b""),
    ([], b""),
    (["-l", "3000*relu"], b""),
    (["-l", "3000*relu", "-l", "200*(conv3-8,bn)", "-a", "-f", "json"], b""),
    (["-l", "2000*add(conv3-c | id)", "-c", "+rf,activations"], b""),
    (MANY, b""),
    (["-e", "-l", CHAIN], b""),
    (["-e", "-l", BRANCHES, "-f", "markdown"], b""),
    (["--explain", "alexnet", "-f", "latex"], b""),
    (["--batch"], LINES),
    (["-b", "-f", "json"], LINES),
    (["-b", "-f", "csv", "-c", "line,input,output,params,activations,error", "-i", "64"], LINES),
    (["-b", "--jobs", "2"], LINES * 20),
    (["-b", "--jobs", "2"], b"conv3-64,relu,maxpool\n" * 20000),
    (["-b"], b"20000*relu\n" * 3),
    (["-b", "-c", "help"], b""),
    (["-b", "nothing"], b""),
    (["-b", "-c", "nothing"], LINES),
    (["-b", "examples"], b""),
    (["-"], b"relu\n" * 20000),
]
