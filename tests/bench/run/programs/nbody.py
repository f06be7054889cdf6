def energy_after(steps):
    bodies = [([float(i + 1), float(i * 2), 0.5], [0.1 * i, 0.2, 0.3], 1.0 + i) for i in range(5)]
    pairs = [(bodies[i], bodies[j]) for i in range(5) for j in range(i)]
    for _ in range(steps):
        for ((x1, y1, z1), v1, m1), ((x2, y2, z2), v2, m2) in pairs:
            dx, dy, dz = x1 - x2, y1 - y2, z1 - z2
            magnitude = 0.001 * (dx * dx + dy * dy + dz * dz) ** -1.5
            v1[0] -= dx * m2 * magnitude
            v1[1] -= dy * m2 * magnitude
            v1[2] -= dz * m2 * magnitude
            v2[0] += dx * m1 * magnitude
            v2[1] += dy * m1 * magnitude
            v2[2] += dz * m1 * magnitude
        for position, velocity, _mass in bodies:
            for axis in range(3):
                position[axis] += 0.001 * velocity[axis]
    return sum(m * sum(c * c for c in v) for _, v, m in bodies)

assert abs(energy_after(12_000) - 77953.34951175061) < 1e-6
